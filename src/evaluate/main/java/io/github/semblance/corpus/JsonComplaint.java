package io.github.semblance.corpus;

import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What a JSON parser has to say, in words for the owner of the file. */
final class JsonComplaint {
  private static final Pattern MARKER = Pattern.compile(" *\\(start marker at \\[[^\\]]*\\]\\)");

  /** The parser's options are no business of whoever wrote the file. */
  private static final Pattern OPTIONS =
      Pattern.compile(
          ":? *enable `[^`]*` to allow|\\(not recognized as one since [^)]*\\)"
              + "|\\(?JsonReadFeature\\.\\w+[^)]*\\)?");

  private static final Pattern NOT_A_NUMBER = Pattern.compile("'([+-]?(?:NaN|INF|Infinity))'");

  private JsonComplaint() {}

  /** One line, without the place. */
  static String describe(JacksonException e) {
    String message = e.getOriginalMessage();
    var notANumber = NOT_A_NUMBER.matcher(message);
    if (notANumber.find()) {
      return notANumber.group(1) + " is no value in JSON; write null, or leave the field out";
    }
    message = MARKER.matcher(message).replaceAll("");
    return OPTIONS.matcher(message).replaceAll("").replaceAll(" {2,}", " ").strip();
  }

  /** Whether the text ended within a value. */
  static boolean endedEarly(JacksonException e) {
    return e instanceof UnexpectedEndOfInputException;
  }

  /** A failure of the input that the parser has wrapped. */
  static @Nullable IOException unreadable(JacksonException e) {
    return e.getCause() instanceof IOException cause ? cause : null;
  }

  /** Where a parser stopped; for limits that are passed it does not always say. */
  static TokenStreamLocation place(JacksonException e, TokenStreamLocation otherwise) {
    TokenStreamLocation place = e.getLocation();
    return place == null ? otherwise : place;
  }
}
