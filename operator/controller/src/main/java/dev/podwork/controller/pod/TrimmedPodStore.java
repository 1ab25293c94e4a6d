package dev.podwork.controller.pod;

import dev.podwork.core.pod.TrimmedPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** Keeps what is read of pods, and nothing else. */
final class TrimmedPodStore extends BasicItemStore<Pod> {

    TrimmedPodStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public Pod put(String key, Pod pod) {
        return super.put(key, TrimmedPod.of(pod));
    }
}
