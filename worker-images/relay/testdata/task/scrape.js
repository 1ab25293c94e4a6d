const task = JSON.parse(require('fs').readFileSync(0, 'utf8'))
console.log(JSON.stringify({ success: true, result: { video_id: task.params.video_id } }, null, 2))
