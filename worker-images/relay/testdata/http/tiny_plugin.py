import dataclasses
import time


@dataclasses.dataclass
class Transcript:
    text: str
    words: int


class Plugin:
    name, version = "tiny", "1.2"

    def __init__(self):
        self.config = {}

    def get_config_schema(self):
        return {"type": "object", "properties": {"prefix": {"type": "string"}, "model": {"type": "string"}}}

    def initialize(self, config):
        if config.get("model") == "gigantic":
            raise ValueError("no such model: gigantic")
        self.config = config

    def execute(self, text="", seconds=0, fail=None):
        print("executing", flush=True)
        time.sleep(seconds)  # on the event loop: nothing else is served meanwhile
        if fail:
            raise KeyError(fail)
        return Transcript(self.config.get("prefix", "") + text, len(text.split()))

    def execute_stream(self, text="", fail=None):
        for word in text.split():
            yield {"word": word}
        if fail:
            raise RuntimeError(fail)

    def cleanup(self):
        print("plugin cleaned up", flush=True)
