read -r task
video=${task#*'"video_id":"'}
printf '{"success":true,"result":{"video_id":"%s"}}' "${video%%'"'*}"
