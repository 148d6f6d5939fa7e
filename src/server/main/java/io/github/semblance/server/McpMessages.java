package io.github.semblance.server;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two streams of an agent, which end only when all that was asked is answered: the SDK drops
 * what it works on when its input ends, and a script that pipes requests ends it at once.
 */
final class McpMessages {
  private final BufferedReader lines;
  private final OutputStream answers;
  private final Duration patience;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  private long open;

  /**
   * Wraps both.
   *
   * @param patience how long to wait for answers when the input has ended
   */
  McpMessages(InputStream in, OutputStream out, Duration patience) {
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.answers = out;
    this.patience = patience;
  }

  InputStream in() {
    return new Input();
  }

  OutputStream out() {
    return new FilterOutputStream(answers) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        for (int i = from; i < from + length; i++) {
          count(bytes[i]);
        }
      }

      @Override
      public void write(int b) throws IOException {
        out.write(b);
        count(b);
      }

      private void count(int b) {
        // The server asks nothing by itself, so each line is an answer.
        if (b == '\n') {
          add(-1);
        }
      }
    };
  }

  /** Waits until the input has ended and what it asked is answered. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void add(int requests) {
    lock.lock();
    try {
      open += requests;
      answered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitAnswers() {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (open > 0 && left > 0) {
        left = answered.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isRequest(String line) {
    try {
      JsonNode message = JsonMapper.shared().readTree(line);
      return message.has("id") && message.has("method");
    } catch (JacksonException e) {
      return false; // the SDK says what is wrong with it
    }
  }

  private final class Input extends InputStream {
    private byte[] line = {};
    private int next;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (next == line.length) {
        String read = lines.readLine();
        if (read == null) {
          awaitAnswers();
          ended.countDown();
          return -1;
        }
        if (isRequest(read)) {
          add(1);
        }
        line = (read + "\n").getBytes(StandardCharsets.UTF_8);
        next = 0;
      }
      int some = Math.min(length, line.length - next);
      System.arraycopy(line, next, bytes, from, some);
      next += some;
      return some;
    }
  }
}
