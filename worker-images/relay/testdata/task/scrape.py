"""A task worker on nothing but the standard library; it runs on Python 2.7 too."""
import json
import sys


def main():
    task = json.loads(sys.stdin.read())
    video = task["params"].get("video_id")
    if video is None:
        failure = {"type": "KeyError", "message": "no video_id", "traceback": "Traceback: scrape.py", "retry_possible": False}
        print(json.dumps({"success": False, "error": failure, "logs": [{"level": "ERROR", "message": "gave up"}]}))
        sys.exit(1)
    sys.stderr.write("scraping %s\n" % video)
    logs = [{"level": "INFO", "message": "scraped", "attempts": 1}, "plain"]
    print(json.dumps({"success": True, "result": {"id": task["id"], "type": task["type"], "video_id": video}, "logs": logs}, indent=2))
    sys.exit(0)


if __name__ == "__main__":
    main()
