package io.github.semblance.evaluate;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/** A text file with one entry a line, in columns. */
final class ColumnFile {

  /** Takes one line; a problem with it is thrown with nothing but the reason. */
  interface LineReader {
    void read(long number, String[] columns) throws LineException;
  }

  /** What is wrong with a line. */
  static final class LineException extends Exception {
    private static final long serialVersionUID = 1L;

    LineException(String reason) {
      super(reason);
    }
  }

  private ColumnFile() {}

  /** Reads all lines that are not blank. */
  static void read(Path file, Function<String, String[]> split, LineReader reader) {
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          reader.read(number, split.apply(line));
        }
      }
    } catch (LineException e) {
      throw new EvaluationException(file + ":" + number + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static EvaluationException unreadable(Path file, IOException e) {
    String reason =
        switch (e) {
          case NoSuchFileException missing -> " does not exist";
          case CharacterCodingException encoding -> " is not UTF-8";
          default -> " cannot be read: " + e;
        };
    return new EvaluationException(file + reason, e);
  }
}
