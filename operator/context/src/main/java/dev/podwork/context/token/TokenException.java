package dev.podwork.context.token;

import dev.podwork.protocol.relay.RefusalCode;

/** Why a token was not taken. Says nothing of the token itself. */
public final class TokenException extends RuntimeException {
    private final RefusalCode code;

    public TokenException(RefusalCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public RefusalCode code() {
        return code;
    }
}
