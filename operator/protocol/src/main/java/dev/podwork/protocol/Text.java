package dev.podwork.protocol;

/** Texts of strangers, made short. */
public final class Text {
    private Text() {}

    /** At most so many characters, cut between characters, with a mark where something is missing. */
    public static String shorten(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
        return text.substring(0, end) + '…';
    }
}
