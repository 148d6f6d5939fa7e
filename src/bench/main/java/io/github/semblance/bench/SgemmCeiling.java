package io.github.semblance.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

/** The most that libtorch gets out of this machine: products of two 2048 x 2048 matrices. */
final class SgemmCeiling {
  private static final int SIZE = 2048;
  private static final int PRODUCTS = 6;

  private SgemmCeiling() {}

  /** Floating-point operations per second, on as many threads. */
  static double flops(int threads) {
    // The number of threads belongs to the calling thread: no other is affected.
    Probe probe = new Probe(threads);
    Thread thread = new Thread(probe, "sgemm");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return probe.flops;
  }

  private static final class Probe implements Runnable {
    private final int threads;
    private double flops;

    Probe(int threads) {
      this.threads = threads;
    }

    @Override
    public void run() {
      try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
        NDArray a = manager.randomUniform(-1, 1, new Shape(SIZE, SIZE), DataType.FLOAT32);
        a.matMul(a).close(); // libtorch settles the number of threads at a thread's first work
        JniUtils.setNumThreads(threads);
        a.matMul(a).close();
        long start = System.nanoTime();
        for (int i = 0; i < PRODUCTS; i++) {
          a.matMul(a).close();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        flops = PRODUCTS * 2.0 * SIZE * SIZE * SIZE / seconds;
      } finally {
        JniUtils.setNumThreads(1);
      }
    }
  }
}
