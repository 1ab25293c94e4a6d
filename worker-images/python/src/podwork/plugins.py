"""The worker loop over a plugin manager: what takes requests from a queue, and puts messages in two others."""

from __future__ import annotations

import sys

from .pipes import note
from .queues import failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NOT_INITIALIZED = "Plugin manager not initialized. Send init message first."


def plugin_worker(
    request_queue: Any,
    result_queue: Any,
    response_queue: Any,
    plugin_manager_factory: Callable[[], Any],
    result_adapter: Callable[[Any], dict[str, Any]] | None = None,
    supports_streaming: bool = False,
) -> None:
    """Serves requests until it is asked to stop.

    The plugin manager has discover_plugins, load_plugin, execute_plugin, execute_plugin_stream, reload_plugin,
    unload_plugin and check_streaming_support.
    """
    loop = _Loop(result_queue, response_queue, plugin_manager_factory, result_adapter, supports_streaming)
    while True:
        request = request_queue.get()
        kind = request.get("type")
        if kind == "stop":
            loop.close()
            return
        serve = loop.requests.get(kind)
        if serve is None:
            note(f"unknown request {kind!r}")
        else:
            serve(request)


class _Loop:
    def __init__(self, results: Any, responses: Any, factory: Any, adapter: Any, streams: bool) -> None:
        self._results, self._responses = results, responses
        self._factory, self._adapter, self._streams = factory, adapter or as_dict, streams
        self._manager: Any = None
        self._configs: dict[str, Any] = {}
        self._failed: dict[str, Exception] = {}
        self._current: str | None = None
        self.requests = {
            "init": self._init,
            "execute": self._execute,
            "reload": self._reload,
            "unload": self._unload,
            "get_state": self._get_state,
        }

    def _init(self, request: dict[str, Any]) -> None:
        try:
            manager = self._factory()
            for plugin in manager.discover_plugins():
                if plugin.name in request["plugin_configs"]:
                    self._load(manager, plugin, request["plugin_configs"][plugin.name])
        except Exception as e:
            told = failure(e)
            self._results.put({"type": "error", **told, "error": f"Worker initialization failed: {told['error']}"})
            return
        self._manager = manager
        self._results.put({"type": "ready", "loaded_plugins": list(self._configs)})

    def _load(self, manager: Any, plugin: Any, config: dict[str, Any]) -> None:
        try:
            manager.load_plugin(plugin, config)
            self._configs[plugin.name] = config
        except Exception as e:
            # Only a job for this plugin fails of it
            self._failed[plugin.name] = e
            note(f"the plugin {plugin.name} cannot be loaded: {type(e).__name__}: {e}")

    def _execute(self, request: dict[str, Any]) -> None:
        job, plugin = request["job_id"], request.get("plugin_name")
        params = {name: value for name, value in request.items() if name not in ("type", "job_id", "plugin_name")}
        try:
            if self._manager is None:
                raise RuntimeError(NOT_INITIALIZED)
            if isinstance(plugin, str) and plugin in self._failed:
                raise self._failed[plugin]
            self._current = plugin
            data = self._stream(job, plugin, params) if self._is_stream(plugin, params) else self._whole(plugin, params)
        except Exception as e:
            told = failure(e)
            print(told["traceback"], end="", file=sys.stderr, flush=True)
            self._results.put({"type": "result", "job_id": job, "status": "error", **told})
        else:
            self._results.put({"type": "result", "job_id": job, "status": "success", "data": data})

    def _is_stream(self, plugin: Any, params: dict[str, Any]) -> bool:
        return bool(self._streams and params.get("stream") and self._manager.check_streaming_support(plugin))

    def _whole(self, plugin: Any, params: dict[str, Any]) -> Any:
        return self._adapter(self._manager.execute_plugin(plugin, **params))

    def _stream(self, job: Any, plugin: Any, params: dict[str, Any]) -> Any:
        for chunk in self._manager.execute_plugin_stream(plugin, **params):
            self._results.put({"type": "stream_chunk", "job_id": job, "chunk": chunk, "is_final": False})
        self._results.put({"type": "stream_chunk", "job_id": job, "chunk": "", "is_final": True})
        return {"streamed": True}

    def _reload(self, request: dict[str, Any]) -> None:
        plugin, config = request.get("plugin_name"), request.get("config")
        done = self._respond("reload", plugin, lambda: self._manager.reload_plugin(plugin, config))
        if done and plugin is not None and config is not None:
            self._configs[plugin] = config
            self._failed.pop(plugin, None)

    def _unload(self, request: dict[str, Any]) -> None:
        plugin = request.get("plugin_name")
        if self._respond("unload", plugin, lambda: self._manager.unload_plugin(plugin)):
            self._configs.pop(str(plugin), None)
            if self._current == plugin:
                self._current = None

    def _respond(self, asked: str, plugin: Any, act: Callable[[], Any]) -> bool:
        try:
            if self._manager is None:
                raise RuntimeError(NOT_INITIALIZED)
            act()
        except Exception as e:
            self._responses.put({"type": "response", "request_type": asked, "status": "error", **failure(e)})
            return False
        self._responses.put({"type": "response", "request_type": asked, "status": "success", "plugin_name": plugin})
        return True

    def _get_state(self, _request: dict[str, Any]) -> None:
        self._responses.put(
            {
                "type": "state",
                "current_plugin": self._current,
                "current_config": self._configs.get(self._current) if self._current else None,
                "loaded_plugins": list(self._configs),
            }
        )

    def close(self) -> None:
        """Lets every plugin clean up."""
        for plugin in list(self._configs):
            try:
                self._manager.unload_plugin(plugin)
            except Exception as e:
                note(f"the plugin {plugin} did not unload: {type(e).__name__}: {e}")


def as_dict(result: Any) -> Any:
    """A dict, and nothing, as it is; of anything else its text and metadata."""
    if result is None or isinstance(result, dict):
        return result
    return {"text": getattr(result, "text", str(result)), "metadata": getattr(result, "metadata", {})}
