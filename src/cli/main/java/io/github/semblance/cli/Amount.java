package io.github.semblance.cli;

import java.util.Locale;

/** Words for numbers of things. */
final class Amount {
  private Amount() {}

  /** As in "1 document" and "1,200 documents". */
  static String of(long count, String thing) {
    return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
  }
}
