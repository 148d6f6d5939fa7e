package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class PrintableTest {
  private static final String BAD =
      "\u0000\u0007\u001b[2J\u007f\u0085\u009b\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d"
          + "\u202e\u2066\u2067\u2068\u2069\r\n\t";

  private static void assertHarmless(String text) {
    text.chars()
        .forEach(
            c ->
                assertFalse(
                    Character.isISOControl(c)
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || (c >= 0x202A && c <= 0x202E)
                        || (c >= 0x2066 && c <= 0x2069)
                        || c == 0x200E
                        || c == 0x200F
                        || c == 0x061C,
                    () -> Integer.toHexString(c)));
  }

  @Test
  void whatSteersATerminalIsWrittenOutInMessages() {
    assertEquals("a\\u001B[2J\\u009B\\u202E b", Printable.message("a\u001b[2J\u009b\u202e\r\nb"));
    assertHarmless(Printable.message(BAD));
    assertHarmless(Printable.trace(new IllegalStateException(BAD)).replaceAll("\\R", ""));
  }

  @Test
  void namesAndTitlesAreOneLineWithoutIt() {
    assertEquals("a [2J b c", Printable.line(" a\u001b[2J\n\tb\u202e \u009bc "));
    assertHarmless(Printable.line(BAD));
    String family =
        "\ud83d\udc68\u200d\ud83d\udc69 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645";
    assertEquals(family, Printable.line(family), "joiners are letters' business");
  }

  @Test
  void longTextsAreAbbreviated() {
    String id = "x".repeat(45_000);
    String message = Printable.message("document \"" + id + "\": the reason");
    assertTrue(message.length() < 1100, message);
    assertTrue(message.endsWith("xxx\": the reason"), message);
    assertTrue(message.contains("… (44023 characters) …"), message);
    assertEquals(301, Printable.line(id).length());
    String halves = "\ud83d\ude00".repeat(1000);
    for (String text : new String[] {halves, "a" + halves}) {
      for (String shown : new String[] {Printable.line(text), Printable.message(text)}) {
        assertFalse(shown.codePoints().anyMatch(c -> c >= 0xD800 && c < 0xE000), shown);
      }
    }
  }

  @Test
  void jsonStaysTheSameToPrograms() {
    ObjectNode node = JsonMapper.shared().createObjectNode().put("text", BAD + "ä");
    String json = Printable.json(node);
    assertHarmless(json);
    assertEquals(node, JsonMapper.shared().readTree(json));
  }
}
