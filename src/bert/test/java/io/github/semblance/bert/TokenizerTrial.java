package io.github.semblance.bert;

import io.github.semblance.embed.EmbeddingException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The process in which hostile tokenizers are loaded and used, and which may therefore end at any
 * of them. Says on standard output which it is on, and then what became of it.
 */
final class TokenizerTrial {
  private TokenizerTrial() {}

  /**
   * Tries mutants or the files of a folder.
   *
   * @param args {@code mutants SEED FROM TO} or {@code files FOLDER FROM TO}
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<ObjectNode> sound = args[0].equals("mutants") ? TokenizerFiles.all() : List.of();
    List<String> texts = TokenizerMutator.texts();
    for (int i = Integer.parseInt(args[2]); i < Integer.parseInt(args[3]); i++) {
      out.println(i);
      String json =
          sound.isEmpty()
              ? Files.readString(Path.of(args[1], i + ".json"))
              : new TokenizerMutator(Long.parseLong(args[1]) + i).mutant(sound);
      out.println(outcome(json, texts));
    }
  }

  private static String outcome(String json, List<String> texts) {
    try (WordPieceEncoder tokenizer = new WordPieceEncoder("mutant", json, 64)) {
      int failures = 0;
      for (String text : texts) {
        try {
          tokenizer.encode(text);
          tokenizer.wordPieces(text);
        } catch (EmbeddingException e) {
          failures++;
        }
      }
      return failures == 0 ? "used" : "failed for a text";
    } catch (EmbeddingException e) {
      return String.valueOf(e.getMessage()).startsWith("the tokenizer could not be loaded: mutant")
          ? "refused"
          : "refused by native code";
    } catch (RuntimeException e) {
      StackTraceElement at = e.getStackTrace().length == 0 ? null : e.getStackTrace()[0];
      return "broke: " + String.valueOf(e).replace('\n', ' ') + " " + at;
    }
  }
}
