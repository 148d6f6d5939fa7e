package io.github.semblance.opensearch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.opensearch.core.common.breaker.CircuitBreaker;
import org.opensearch.core.common.breaker.CircuitBreakingException;
import org.opensearch.core.common.unit.ByteSizeValue;

/**
 * The memory of the process that is outside of what the JVM manages, above all weights and what
 * libtorch computes in: OpenSearch's own breakers do not see it. It is measured, not estimated.
 * Thread-safe.
 */
final class NativeMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final long limit;
  private final Supplier<OptionalLong> used;

  /**
   * Watches over this process.
   *
   * @param limit in bytes
   */
  NativeMemory(long limit) {
    this(limit, NativeMemory::used);
  }

  NativeMemory(long limit, Supplier<OptionalLong> used) {
    this.limit = limit;
    this.used = used;
  }

  /** A part of what the machine or container has beside the heap. */
  static ByteSizeValue defaultLimit() {
    long heap = Runtime.getRuntime().maxMemory();
    long all =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 4 * heap;
    return new ByteSizeValue(Math.max(1L << 30, (all - heap) / 2));
  }

  /** What is resident and no file's, less what the JVM manages; empty where no file tells. */
  static OptionalLong used() {
    MemoryMXBean managed = ManagementFactory.getMemoryMXBean();
    long java =
        managed.getHeapMemoryUsage().getCommitted()
            + managed.getNonHeapMemoryUsage().getCommitted();
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .map(anonymous -> Math.max(0, anonymous - java))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // no Linux
    }
  }

  /**
   * Refuses what would take more, with status 429.
   *
   * @param what is to be done, for the message
   */
  void require(String what) {
    OptionalLong now = used.get();
    if (now.isPresent() && now.getAsLong() > limit) {
      throw new CircuitBreakingException(
          what
              + " must wait: "
              + new ByteSizeValue(now.getAsLong())
              + " of memory outside of the Java heap are in use, which is more than "
              + new ByteSizeValue(limit)
              + " (semblance.native_memory_limit); send it again later",
          now.getAsLong(),
          limit,
          CircuitBreaker.Durability.TRANSIENT);
    }
  }
}
