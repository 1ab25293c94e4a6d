package dev.podwork.context.token;

import java.util.concurrent.CompletionStage;

/** Where the issuer's name and public keys come from. */
@FunctionalInterface
public interface IssuerKeys {

    /** Fetches both anew, without blocking. Called rarely: the answer is kept. */
    CompletionStage<Issuer> fetch();
}
