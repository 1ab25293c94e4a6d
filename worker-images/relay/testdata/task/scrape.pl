use strict; use warnings; use JSON::PP;
local $/; my $task = decode_json(<STDIN>);
print encode_json({success => JSON::PP::true, result => {video_id => $task->{params}{video_id}}}), "\n";
