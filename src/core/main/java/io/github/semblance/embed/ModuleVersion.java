package io.github.semblance.embed;

/**
 * Refuses modules of Semblance whose versions differ. Modules call each other's public types, so a
 * mixture may fail at any later call, with an error that names neither version.
 *
 * <p>Safe for use by many threads.
 */
public final class ModuleVersion {
  private ModuleVersion() {}

  /**
   * Compares what the manifests of two jars say. Classes outside a jar, or repacked into one jar
   * together, have no versions that could differ.
   *
   * @param module a class of the module that asks
   * @throws IllegalStateException if that module and this one are of different versions
   */
  public static void requireThatOfCore(Class<?> module) {
    String core = ModuleVersion.class.getPackage().getImplementationVersion();
    String asks = module.getPackage().getImplementationVersion();
    if (core != null && asks != null && !core.equals(asks)) {
      throw new IllegalStateException(
          "all modules of Semblance must have one version, got semblance-core "
              + core
              + " and, with "
              + module.getName()
              + ", "
              + asks
              + "; let io.github.semblance:semblance-bom choose the versions");
    }
  }
}
