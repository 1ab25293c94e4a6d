package dev.podwork.context.state;

import io.fabric8.kubernetes.api.model.OwnerReference;

class MemoryStateStoreTest extends StateStoreContract {
    private final StateStore store = new MemoryStateStore(clock);

    @Override
    StateStore store() {
        return store;
    }

    @Override
    OwnerReference job(String name) {
        return new OwnerReference();
    }
}
