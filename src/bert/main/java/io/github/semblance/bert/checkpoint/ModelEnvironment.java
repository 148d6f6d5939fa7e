package io.github.semblance.bert.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What decides where models are looked for: passed in, so that nothing reads it behind the caller's
 * back.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * <ul>
 *   <li>{@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME}, {@code
 *       HF_HUB_CACHE}, {@code HF_HUB_OFFLINE} and {@code HF_HUB_DOWNLOAD_TIMEOUT} (seconds, 60
 *       where it is not set) mean what they mean to Hugging Face's own client;
 *   <li>{@code XDG_CACHE_HOME} moves the user's cache folder, by default {@code ~/.cache};
 *   <li>{@code MAVEN_HOME} and the property {@code maven.repo.local} mean what they mean to Maven.
 * </ul>
 *
 * @param variables environment variables
 * @param properties system properties
 * @param home the user's home folder
 * @param classLoader where models that travel as dependencies are found
 */
public record ModelEnvironment(
    Map<String, String> variables,
    Map<String, String> properties,
    Path home,
    ClassLoader classLoader) {

  /** Copies the maps. */
  public ModelEnvironment {
    variables = Map.copyOf(variables);
    properties = Map.copyOf(properties);
  }

  /** The environment of this process. */
  public static ModelEnvironment system() {
    String repository = System.getProperty("maven.repo.local");
    return new ModelEnvironment(
        System.getenv(),
        repository == null ? Map.of() : Map.of("maven.repo.local", repository),
        Path.of(System.getProperty("user.home")),
        ModelEnvironment.class.getClassLoader());
  }

  /** An environment variable that is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** The user's folder for what can be computed or fetched again. */
  public Path cache() {
    return variable("XDG_CACHE_HOME").map(Path::of).orElse(home.resolve(".cache"));
  }
}
