package io.github.semblance.bert;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.JniUtils;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.ServiceFiles;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Starts libtorch once per process, from natives on the class path, never from the network.
 *
 * <p>DJL reads its settings from system properties, once, when the engine is first used. Those set
 * here are defaults: a value that the application set itself stays.
 */
final class TorchRuntime {
  private static final Object LOCK = new Object();
  private static boolean started;

  private TorchRuntime() {}

  /**
   * Loads the engine if this process has not done so.
   *
   * @throws EmbeddingException if there is no libtorch for this platform on the class path
   */
  static void start() {
    synchronized (LOCK) {
      if (started) {
        return;
      }
      // Offline: a missing native then fails at once, by name, instead of waiting for a download.
      setDefault("ai.djl.offline", "true");
      setDefault("OPT_OUT_TRACKING", "true");
      // Parallelism comes from one stream per core; two levels of it would fight for the cores.
      setDefault("ai.djl.pytorch.num_interop_threads", "1");
      setDefault("ai.djl.pytorch.num_threads", "1");
      try {
        Engine unused = inOwnClassLoader(() -> Engine.getEngine("PyTorch"));
        keepFreedMemory();
      } catch (RuntimeException | LinkageError e) {
        throw new EmbeddingException(
            "libtorch could not be started on "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ": "
                + reason(e),
            e);
      }
      started = true;
    }
  }

  private static String reason(Throwable failure) {
    return ServiceFiles.advice(EngineProvider.class, PtEngineProvider.class.getName())
        .or(() -> NativeFiles.advice(failure))
        .orElseGet(
            () ->
                failure.getMessage()
                    + "; put ai.djl.pytorch:pytorch-native-cpu with the classifier of this platform"
                    + " on the class path");
  }

  /**
   * Does something in which DJL looks for engines, natives or their versions. It looks in the class
   * loader of the thread, which in a container is not the one that this class came from.
   */
  static <T> T inOwnClassLoader(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader ofThread = thread.getContextClassLoader();
    thread.setContextClassLoader(TorchRuntime.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(ofThread);
    }
  }

  /** Where natives are unpacked to, if the engine has not been started and no other was set. */
  static void unpackNativesTo(Path folder) {
    setDefault("DJL_CACHE_DIR", folder.toString());
    setDefault("ENGINE_CACHE_DIR", folder.toString());
  }

  /** The version of libtorch and what it was built with. */
  static String describe() {
    return "libtorch "
        + Engine.getEngine("PyTorch").getVersion()
        + " with "
        + new TreeSet<>(JniUtils.getFeatures());
  }

  /**
   * Turns off the profiling executor for the calling thread, whose specialisations cost seconds of
   * warm-up and win nothing on shapes that never repeat, and spreads what the thread computes over
   * so many threads. Both belong to the thread in libtorch; but the last number set anywhere is
   * what new threads begin with, so each says how many it wants.
   */
  static void prepareThread(int threads) {
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.getNumThreads(); // takes the default; later it would replace the number set here
    JniUtils.setNumThreads(threads);
  }

  /**
   * Tensors come and go by the megabyte. glibc gives such blocks back to the kernel and has them
   * zeroed again at each use, up to a quarter of an int8 call, until it has seen one of nearly 32
   * MiB freed (the dynamic threshold of mallopt(3)); other allocators do not mind.
   */
  private static void keepFreedMemory() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      manager.create(new Shape((32 << 20) - (1 << 16)), DataType.INT8).close();
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
