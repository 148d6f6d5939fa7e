package io.github.semblance.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.lucene.index.QueryTimeout;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C ends while a person asks one question after the other: the search that runs, if it
 * was not pressed for that before; else the process. Where the JVM does not give Ctrl-C away, it
 * always ends the process. Searches are for one thread.
 */
final class Interruption implements QueryTimeout, AutoCloseable {
  private Runnable end;
  private Runnable giveBack = () -> {};
  private boolean searching;
  private volatile boolean pressed;

  /**
   * Told of Ctrl-C by {@link #press} only.
   *
   * @param end ends the process
   */
  Interruption(Runnable end) {
    this.end = end;
  }

  /** Told of this process's Ctrl-C until it is closed. */
  static Interruption ofProcess() {
    Interruption interruption = new Interruption(() -> {});
    try {
      interruption.takeOver();
    } catch (ReflectiveOperationException e) {
      // Run without this class, or with -Xrs: Ctrl-C stays what it is.
    }
    return interruption;
  }

  /** The class is public, but a compiler warns of it whatever is done. */
  private void takeOver() throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Method setHandler = signalType.getMethod("handle", signalType, handlerType);
    Method callHandler = handlerType.getMethod("handle", signalType);
    Object signal = signalType.getConstructor(String.class).newInstance("INT");
    Object handler =
        Proxy.newProxyInstance(
            handlerType.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) -> {
              if (method.equals(callHandler)) {
                press();
                return null;
              }
              return method.invoke(this, arguments); // of Object
            });
    Object before = setHandler.invoke(null, signal, handler);
    end = () -> call(callHandler, before, signal);
    giveBack = () -> call(setHandler, null, signal, before);
  }

  private static void call(Method method, @Nullable Object of, Object... arguments) {
    try {
      Object unused = method.invoke(of, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Ctrl-C cannot be handed back", e);
    }
  }

  /** Does what Ctrl-C does; from any thread. */
  void press() {
    synchronized (this) {
      if (searching && !pressed) {
        pressed = true;
        return;
      }
    }
    end.run();
  }

  /** Says that a search begins. */
  synchronized void begin() {
    searching = true;
    pressed = false;
  }

  /** Says that a search has ended. */
  synchronized void done() {
    searching = false;
  }

  /** Whether the search that runs, or the last one, was interrupted. */
  @Override
  public boolean shouldExit() {
    return pressed;
  }

  @Override
  public void close() {
    giveBack.run();
  }
}
