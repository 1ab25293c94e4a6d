package dev.podwork.local.kubelet;

/** Why a pod's processes can't be started, in the words that its status will have. */
final class PodStartException extends RuntimeException {
    private final String reason;

    PodStartException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
