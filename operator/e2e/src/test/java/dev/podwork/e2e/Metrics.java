package dev.podwork.e2e;

import java.util.Arrays;

/** Numbers from a page in the Prometheus text format. */
final class Metrics {

    private Metrics() {}

    /** @param labels parts of the label list that a line must have, like {@code verb="POST"} */
    static double sum(String page, String name, String... labels) {
        return page.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
