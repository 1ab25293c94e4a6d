package dev.podwork.local.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Text;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Parts of results as a person reads them: texts without quotes, and nothing that is longer than a screen. */
final class Parts {
    private static final int LENGTH = 2000;

    private Parts() {}

    static String text(String json) {
        try (JsonParser parser = Json.factory().createParser(json)) {
            return Text.shorten(parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : json, LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
