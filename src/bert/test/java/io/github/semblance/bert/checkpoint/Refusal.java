package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What a refused input is told. */
final class Refusal {
  private Refusal() {}

  static String of(Executable refused) {
    return String.valueOf(assertThrows(CheckpointException.class, refused).getMessage());
  }
}
