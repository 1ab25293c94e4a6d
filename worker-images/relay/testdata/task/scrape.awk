match($0, /"video_id":"[^"]*"/) { video = substr($0, RSTART + 12, RLENGTH - 13) }
END { printf "{\"success\":true,\n \"result\":{\"video_id\":\"%s\"}}\n", video }
