package io.github.semblance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What Linux tells about this machine and this process. */
final class Machine {
  private static final Path STAT = Path.of("/proc/stat");
  private static final Path PROCESSES = Path.of("/proc");

  /** Hundredths of a second, on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final List<String> FLAGS =
      List.of(
          "avx2",
          "avx512f",
          "avx_vnni",
          "avx512_vnni",
          "avx512_bf16",
          "amx_int8",
          "asimd",
          "asimddp",
          "sve");

  private Machine() {}

  /**
   * Time that passed on the clock, on this process's threads and on those of all others.
   *
   * @param seconds on the clock
   * @param ownCpu CPU seconds of this process
   * @param otherCpu CPU seconds of all other processes
   */
  record Time(double seconds, double ownCpu, double otherCpu) {
    /**
     * So far.
     *
     * @param childCpu CPU seconds of another process that works for this one
     */
    static Time now(double childCpu) {
      double own = cpuNanos() / 1e9 + childCpu;
      return new Time(System.nanoTime() / 1e9, own, busySeconds() - own);
    }

    Time since(Time start) {
      return new Time(seconds - start.seconds, ownCpu - start.ownCpu, otherCpu - start.otherCpu);
    }

    /** The share of all cores that this process had. */
    double ownShare() {
      return ownCpu / seconds / Runtime.getRuntime().availableProcessors();
    }

    /** The share of all cores that others took. */
    double otherShare() {
      return Math.max(0, otherCpu / seconds / Runtime.getRuntime().availableProcessors());
    }
  }

  /** Processors, their name, and of their instructions those that products are made of. */
  static String processor() {
    String name = System.getProperty("os.arch");
    String flags = "";
    for (String line : lines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        name = line.substring(line.indexOf(':') + 1).strip();
      } else if (line.startsWith("flags") || line.startsWith("Features")) {
        List<String> all = List.of(line.split("\\s+", -1));
        flags = String.join(" ", FLAGS.stream().filter(all::contains).toList());
      }
    }
    return String.format(
        Locale.ROOT, "%d x %s (%s)", Runtime.getRuntime().availableProcessors(), name, flags);
  }

  /** How many threads wanted a processor over the last minute. */
  static double load() {
    return Double.parseDouble(lines(Path.of("/proc/loadavg")).getFirst().split(" ", -1)[0]);
  }

  /** CPU time of this process. */
  static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** CPU seconds of all processes since the machine started. */
  private static double busySeconds() {
    // cpu user nice system idle iowait irq softirq steal guest guest_nice: guest is within user.
    String[] fields = lines(STAT).get(0).split(" +");
    double[] ticks = Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray();
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / TICKS_PER_SECOND;
  }

  /**
   * Memory of this process.
   *
   * @param field {@code VmRSS} for what it holds now, {@code RssFile} for what of that are files,
   *     {@code VmHWM} for the most it ever held
   * @return in MB of 10^6 bytes
   */
  static double memoryMb(String field) {
    return memoryMb(ProcessHandle.current().pid(), field);
  }

  /** Lets {@code VmHWM} and the peak of the heap begin anew. */
  static void forgetPeaks() throws IOException {
    Files.writeString(PROCESSES.resolve("self/clear_refs"), "5");
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** The most of the heap that was ever in use, garbage included, in MB of 10^6 bytes. */
  static double peakHeapMb() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToDouble(pool -> pool.getPeakUsage().getUsed() / 1e6)
        .sum();
  }

  /** Memory of another process, as above. */
  static double memoryMb(long pid, String field) {
    Path status = PROCESSES.resolve(pid + "/status");
    for (String line : lines(status)) {
      if (line.startsWith(field + ":")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IllegalStateException(status + " has no " + field);
  }

  /** CPU time that another process has used since it began. */
  static double cpuSeconds(long pid) {
    String stat = lines(PROCESSES.resolve(pid + "/stat")).getFirst();
    // The name of the command, in parentheses, may hold anything; user and system time come 12th
    // and 13th after it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: benchmarks need Linux", e);
    }
  }
}
