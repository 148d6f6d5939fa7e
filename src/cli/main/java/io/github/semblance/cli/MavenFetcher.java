package io.github.semblance.cli;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.JarFetcher;
import io.github.semblance.bert.checkpoint.PullProgress;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Fetches a jar as Maven itself would, with the mirrors, proxies, credentials and repositories of
 * the user's {@code settings.xml}: through Maven's resolver, which MIMA sets up as Maven does.
 */
final class MavenFetcher implements JarFetcher {
  /** In milliseconds, as Maven itself takes them. */
  private static final String CONNECT_TIMEOUT = "aether.connector.connectTimeout";

  private static final String REQUEST_TIMEOUT = "aether.connector.requestTimeout";

  /** The resolver's own limits, but for the wait for the next byte: there it is half an hour. */
  private static final Map<String, String> LIMITS =
      Map.of(CONNECT_TIMEOUT, "10000", REQUEST_TIMEOUT, "60000");

  private final Path home;
  private final Map<String, String> properties;

  /**
   * A fetcher for the user with that home folder. No repository is waited for longer than {@value
   * #CONNECT_TIMEOUT} and, for each further byte, {@value #REQUEST_TIMEOUT} allow. A download that
   * is cut starts anew.
   *
   * @param properties other values of the limits, by their names
   */
  MavenFetcher(Path home, Map<String, String> properties) {
    this.home = home;
    this.properties = Map.copyOf(properties);
  }

  /** The fetcher of this process's user. */
  static MavenFetcher system() {
    Map<String, String> properties = new HashMap<>();
    for (String limit : LIMITS.keySet()) {
      String value = System.getProperty(limit);
      if (value != null) {
        properties.put(limit, value);
      }
    }
    return new MavenFetcher(Path.of(System.getProperty("user.home")), properties);
  }

  @Override
  public void fetch(String jar, Path localRepository, PullProgress progress)
      throws CheckpointException {
    Map<String, String> limits = new HashMap<>(LIMITS);
    limits.replaceAll((name, limit) -> properties.getOrDefault(name, limit));
    ContextOverrides overrides =
        ContextOverrides.create()
            .configProperties(new HashMap<>(limits))
            .withUserSettings(true)
            .withMavenUserHomeOverride(home.resolve(".m2"))
            .withLocalRepositoryOverride(localRepository)
            // Maven only warns of bytes that do not match their checksum.
            .checksumPolicy(ContextOverrides.ChecksumPolicy.FAIL)
            .transferListener(new ProgressListener(progress))
            .build();
    try (Context maven = Runtimes.INSTANCE.getRuntime().create(overrides)) {
      maven
          .repositorySystem()
          .resolveArtifact(
              maven.repositorySystemSession(),
              new ArtifactRequest(new DefaultArtifact(jar), maven.remoteRepositories(), "model"));
    } catch (ArtifactResolutionException e) {
      throw new CheckpointException(
          "Maven could not fetch "
              + jar
              + " (check the coordinates, the network and ~/.m2/settings.xml): "
              + e.getMessage()
              + (isTimeout(e)
                  ? String.format(
                      Locale.ROOT,
                      "; that is the limit of %s ms for each byte (-D%s), or of %s ms to connect (-D%s)",
                      limits.get(REQUEST_TIMEOUT),
                      REQUEST_TIMEOUT,
                      limits.get(CONNECT_TIMEOUT),
                      CONNECT_TIMEOUT)
                  : ""),
          e);
    } catch (IllegalStateException e) {
      throw new CheckpointException(
          "Maven could not be set up to fetch " + jar + " (check ~/.m2/settings.xml): " + e, e);
    }
  }

  private static boolean isTimeout(ArtifactResolutionException failure) {
    return failure.getResult().getExceptions().stream()
        .anyMatch(
            exception -> {
              Throwable cause = exception;
              while (cause != null && !(cause instanceof InterruptedIOException)) {
                cause = cause.getCause();
              }
              return cause != null;
            });
  }

  private static final class ProgressListener extends AbstractTransferListener {
    private final PullProgress progress;

    ProgressListener(PullProgress progress) {
      this.progress = progress;
    }

    @Override
    public void transferProgressed(TransferEvent event) {
      String path = event.getResource().getResourceName();
      progress.transferred(
          path.substring(path.lastIndexOf('/') + 1),
          event.getTransferredBytes(),
          event.getResource().getContentLength());
    }
  }
}
