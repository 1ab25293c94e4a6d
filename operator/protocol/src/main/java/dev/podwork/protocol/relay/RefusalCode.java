package dev.podwork.protocol.relay;

/** Why a relay was not let in. */
public enum RefusalCode {
    BAD_HELLO("BadHello"),
    /** Not a JWT, or a wrong signature, issuer or audience. */
    BAD_TOKEN("BadToken"),
    TOKEN_EXPIRED("TokenExpired"),
    /** No such pod, or another pod's UID. */
    UNKNOWN_POD("UnknownPod"),
    OVERLOADED("Overloaded");

    private final String wire;

    RefusalCode(String wire) {
        this.wire = wire;
    }

    /** As it is written. */
    public String wire() {
        return wire;
    }
}
