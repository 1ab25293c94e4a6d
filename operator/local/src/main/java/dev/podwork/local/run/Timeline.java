package dev.podwork.local.run;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.local.run.Console.Style;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says what changes about one job. */
final class Timeline {
    private static final String INDENT = "  ";

    private final String name;
    private final Console console;
    private @Nullable Phase phase;
    private @Nullable String message;
    private @Nullable Progress progress;
    private int attemptShown;
    private long emitted;

    Timeline(String name, Console console) {
        this.name = name;
        this.console = console;
    }

    void show(Job job) {
        JobStatus status = job.getStatus();
        if (status == null || status.phase() == null) {
            return;
        }
        showProgress(status);
        status.attempts().forEach(this::showEmits);
        boolean changed = status.phase() != phase || !Objects.equals(status.message(), message);
        phase = status.phase();
        message = status.message();
        if (!changed) {
            return;
        }
        switch (phase) {
            case SUCCEEDED -> console.say(name, Style.GOOD, "Succeeded" + duration(status));
            case FAILED, CANCELLED -> showFailure(status);
            case RUNNING -> console.say(name, Style.FAINT, "Running in " + pod(status));
            case QUEUED, STARTING -> console.say(name, Style.FAINT, title(status));
            case RETRYING -> console.say(name, Style.BAD, title(status));
        }
    }

    private void showProgress(JobStatus status) {
        Progress now = status.progress();
        if (now != null && !now.equals(progress)) {
            progress = now;
            console.say(name, Style.PLAIN, percent(now.percent()) + " %" + after(" ", now.message()));
        }
    }

    private void showEmits(AttemptStatus attempt) {
        if (attempt.number() > attemptShown) {
            attemptShown = attempt.number();
            emitted = 0;
        }
        for (Emit emit : attempt.emits()) {
            if (attempt.number() == attemptShown && emit.sequence() > emitted) {
                emitted = emit.sequence();
                console.say(name, Style.PLAIN, "emitted " + emit.name() + " " + emit.payload());
            }
        }
    }

    private void showFailure(JobStatus status) {
        console.say(name, Style.BAD, title(status) + duration(status));
        JobError error = status.error();
        if (error == null) {
            return;
        }
        boolean said = status.message() != null && status.message().contains(error.message());
        if (error.stack() == null && !said) {
            console.say(name, Style.BAD, INDENT + error.type() + after(": ", error.message()));
        }
        if (error.stack() != null) {
            console.say(
                    name,
                    Style.PLAIN,
                    error.stack().strip().indent(INDENT.length()).stripTrailing());
        }
    }

    private static String pod(JobStatus status) {
        int last = status.attempts().size() - 1;
        return last < 0 ? "its pod" : "pod " + status.attempts().get(last).pod();
    }

    private static String title(JobStatus status) {
        String word = String.valueOf(status.phase()).charAt(0)
                + String.valueOf(status.phase()).substring(1).toLowerCase(Locale.ROOT);
        String reason = status.reason() == null || status.reason().equals(word) ? "" : " (" + status.reason() + ")";
        return word + reason + after(": ", status.message());
    }

    private static String duration(JobStatus status) {
        if (status.startedAt() == null || status.completedAt() == null) {
            return "";
        }
        Duration ran = Duration.between(status.startedAt(), status.completedAt());
        return String.format(Locale.ROOT, ", ran %.2f s", ran.toMillis() / 1000.0);
    }

    private static String percent(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String after(String separator, @Nullable String text) {
        return text == null || text.isEmpty() ? "" : separator + text;
    }
}
