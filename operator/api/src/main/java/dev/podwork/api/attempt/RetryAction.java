package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What to do about a failed attempt. */
public enum RetryAction {
    /** Another attempt, if any is left. */
    @JsonProperty("Retry")
    RETRY,
    /** None. */
    @JsonProperty("Fail")
    FAIL,
    /** Another attempt, and this one does not count. */
    @JsonProperty("Ignore")
    IGNORE
}
