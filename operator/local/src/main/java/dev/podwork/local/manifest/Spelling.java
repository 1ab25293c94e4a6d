package dev.podwork.local.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which word was meant. */
public final class Spelling {
    private static final int SIMILAR = 3;

    private Spelling() {}

    /** The one that takes the fewest edits, if it takes few. */
    public static Optional<String> closest(String word, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(name, word) < Math.min(SIMILAR, name.length()))
                .min(Comparator.comparingInt(name -> distance(name, word)));
    }

    /** Edits that turn one word into the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
