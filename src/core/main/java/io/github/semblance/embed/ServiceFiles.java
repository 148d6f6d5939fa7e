package io.github.semblance.embed;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Recognises a jar into which others were merged without their files in {@code META-INF/services}:
 * the classes are all there, and those that are looked up by name are not found. Stateless.
 */
public final class ServiceFiles {
  private ServiceFiles() {}

  /**
   * What to do about a provider that is not found.
   *
   * @param service what is looked up
   * @param provider name of a class that provides it
   * @return empty if the class is not there either, or is found
   */
  public static Optional<String> advice(Class<?> service, String provider) {
    ClassLoader loader = service.getClassLoader();
    try {
      Class<?> unused = Class.forName(provider, false, loader);
      if (ServiceLoader.load(service, loader).stream()
          .anyMatch(found -> found.type().getName().equals(provider))) {
        return Optional.empty();
      }
    } catch (ClassNotFoundException | LinkageError | ServiceConfigurationError e) {
      return Optional.empty(); // another fault, of which its own message tells
    }
    return Optional.of(
        provider
            + " is on the class path and META-INF/services/"
            + service.getName()
            + " does not name it: jars were merged into one without their service files; merge those"
            + " too (Maven's shade plugin: add ServicesResourceTransformer; Gradle's shadow plugin:"
            + " call mergeServiceFiles())");
  }
}
