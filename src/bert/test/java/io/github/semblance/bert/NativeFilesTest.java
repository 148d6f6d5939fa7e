package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said when native libraries cannot be unpacked. */
final class NativeFilesTest {
  @TempDir private Path folder;

  private String advice(Throwable cause) {
    return NativeFiles.advice(
            new IllegalStateException("Failed to extract PyTorch native library", cause), folder)
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "/data/libtorch_cpu.so: Disk quota exceeded",
        "There is not enough space on the disk"
      })
  void aFullDiskIsCalledThat(String message) {
    String advice = advice(new EngineException(new IOException(message)));
    assertTrue(
        advice.matches(
            "the disk below \\S+ is full, \\d+ MB are free: make room, or name another.*"),
        advice);
    assertTrue(advice.contains(folder.toString()), advice);
    assertTrue(advice.contains("DJL_CACHE_DIR (native libraries take about 500 MB)"), advice);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    assertTrue(
        advice(new AccessDeniedException(folder.resolve("pytorch").toString()))
            .startsWith(folder + " cannot be written (" + folder.resolve("pytorch") + "): permit"));
    assertTrue(
        advice(new FileSystemException("x", null, "Read-only file system"))
            .startsWith(folder + " cannot be written"));
    Path file = Files.writeString(folder.resolve("file"), "");
    String said = String.valueOf(new FileSystemException(file + "/x", null, "Not a directory"));
    assertTrue(advice(new IOException(said)).contains("Not a directory"));
  }

  @Test
  void whatIsNotTheFoldersFaultIsNotPutOnIt() {
    assertEquals(
        Optional.empty(), NativeFiles.advice(new IOException("expected value at line 1"), folder));
    assertEquals(
        Optional.empty(), NativeFiles.advice(new EngineException("no such engine"), folder));
    assertEquals(Optional.empty(), NativeFiles.advice(new UnsatisfiedLinkError(), folder));
  }
}
