package dev.podwork.local.workerhost;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the files, and what of them could not be carried over; each with its place and what to do. */
final class Findings {
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    /** Nothing is written when there is one. */
    void mistake(String place, String what) {
        mistakes.add(place + " " + what);
    }

    void notice(String place, String what) {
        notices.add(place + " " + what);
    }

    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    List<String> notices() {
        return List.copyOf(notices);
    }
}
