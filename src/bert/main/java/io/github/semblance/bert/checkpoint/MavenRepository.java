package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The user's local Maven repository, where jars are that were fetched before. */
final class MavenRepository {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{(user\\.home|env\\.(\\w+))}");

  private final ModelEnvironment environment;

  MavenRepository(ModelEnvironment environment) {
    this.environment = environment;
  }

  /** The jar's file, if it has been fetched. */
  Optional<Path> find(ModelReference.MavenJar jar) throws CheckpointException {
    Path file =
        folder()
            .resolve(jar.group().replace('.', '/'))
            .resolve(jar.artifact())
            .resolve(jar.version())
            .resolve(jar.artifact() + "-" + jar.version() + ".jar");
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /** As Maven finds it: {@code maven.repo.local}, the settings, or {@code ~/.m2/repository}. */
  Path folder() throws CheckpointException {
    String override = environment.properties().get("maven.repo.local");
    if (override != null) {
      return Path.of(override);
    }
    List<Path> settings = new ArrayList<>();
    settings.add(environment.home().resolve(".m2/settings.xml"));
    environment
        .variable("MAVEN_HOME")
        .ifPresent(maven -> settings.add(Path.of(maven, "conf", "settings.xml")));
    for (Path file : settings) {
      Optional<String> stated = localRepository(file);
      if (stated.isPresent()) {
        return Path.of(stated.get());
      }
    }
    return environment.home().resolve(".m2/repository");
  }

  /** The {@code settings/localRepository} element. */
  private Optional<String> localRepository(Path settings) throws CheckpointException {
    if (!Files.isRegularFile(settings)) {
      return Optional.empty();
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = Files.newInputStream(settings)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      for (int depth = 0; xml.hasNext(); ) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          depth++;
          if (depth == 2 && xml.getLocalName().equals("localRepository")) {
            String text = xml.getElementText().strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(interpolate(text));
          }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        }
      }
      return Optional.empty();
    } catch (XMLStreamException | IOException e) {
      throw new CheckpointException(
          settings + " must be Maven settings, got: " + e.getMessage(), e);
    }
  }

  private String interpolate(String text) {
    return PROPERTY
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(2) == null
                        ? environment.home().toString()
                        : environment.variable(found.group(2)).orElse("")));
  }
}
