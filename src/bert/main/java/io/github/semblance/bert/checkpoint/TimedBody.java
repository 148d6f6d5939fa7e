package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an HTTP answer, whose reader waits for its next bytes no longer than a limit: that of
 * a request ends with the headers.
 *
 * <p>For one reader. It is asked for more only when it has read what came, so that it holds no more
 * than one or two pieces of the body.
 */
final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

  private sealed interface Event {}

  private record Arrived(List<ByteBuffer> bytes) implements Event {}

  private record Ended(@Nullable Throwable cause) implements Event {}

  private final Duration limit;
  private final String expired;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Queue<ByteBuffer> unread = new ArrayDeque<>();
  private @Nullable Ended end;

  /** This and the next belong to the reader and to the client's threads. */
  private Flow.@Nullable Subscription subscription;

  private boolean closed;

  /**
   * A body that has not begun to come.
   *
   * @param limit how long each read may wait
   * @param expired what to say when one has waited that long
   */
  TimedBody(Duration limit, String expired) {
    this.limit = limit;
    this.expired = expired;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Arrived(bytes));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Ended(cause));
  }

  @Override
  public void onComplete() {
    events.add(new Ended(null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer bytes = next();
    if (bytes == null) {
      return -1;
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(to, offset, count);
    return count;
  }

  /** Bytes to read, or null at the end. */
  private @Nullable ByteBuffer next() throws IOException {
    while (true) {
      while (!unread.isEmpty() && !unread.element().hasRemaining()) {
        unread.remove();
      }
      if (!unread.isEmpty()) {
        return unread.element();
      }
      if (end == null) {
        await();
      } else if (end.cause() == null) {
        return null;
      } else {
        throw new IOException("the answer was cut off: " + end.cause().getMessage(), end.cause());
      }
    }
  }

  private void await() throws IOException {
    Event event;
    try {
      event = events.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
    switch (event) {
      case null -> {
        close();
        throw new HttpTimeoutException(expired);
      }
      case Arrived arrived -> {
        unread.addAll(arrived.bytes());
        requestMore();
      }
      case Ended ended -> end = ended;
    }
  }

  private synchronized void requestMore() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  /** Tells the sender that no more is wanted. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
