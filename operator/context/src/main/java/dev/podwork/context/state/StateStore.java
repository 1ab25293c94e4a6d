package dev.podwork.context.state;

import io.fabric8.kubernetes.api.model.OwnerReference;

/** Where state is kept. */
public interface StateStore extends AutoCloseable {

    /**
     * The state of a scope, for one job that uses it.
     *
     * @param job the state stays as long as one of the jobs that used it
     */
    State open(StateScope scope, OwnerReference job);

    @Override
    void close();
}
