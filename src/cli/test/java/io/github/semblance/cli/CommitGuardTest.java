package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitGuardTest {
  private static final int CODE = 3;

  /** Runs in a process of its own, which another thread ends. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException {
      CountDownLatch ending = new CountDownLatch(1);
      CommitGuard guard = new CommitGuard(() -> System.out.println("told"));
      guard.stayIfEnding();
      System.out.println("before");
      Runtime.getRuntime().addShutdownHook(new Thread(ending::countDown));
      new Thread(() -> System.exit(CODE)).start();
      ending.await();
      if (args[0].equals("close")) {
        guard.close();
      } else {
        guard.stayIfEnding();
      }
      System.out.println("went on");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "failure"})
  void nobodyGoesOnWhileTheProcessEnds(String where) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                where)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(CODE, process.waitFor(), said);
    assertEquals("before\ntold", said.strip().replace("\r\n", "\n"));
  }

  @Test
  void aProcessThatGoesOnIsNotHeldUp() {
    CommitGuard guard = new CommitGuard(() -> {});
    guard.stayIfEnding();
    guard.close();
  }
}
