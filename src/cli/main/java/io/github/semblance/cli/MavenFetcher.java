package io.github.semblance.cli;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.JarFetcher;
import io.github.semblance.bert.checkpoint.PullProgress;
import java.nio.file.Path;
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
  private final Path home;

  /** A fetcher for the user with that home folder. */
  MavenFetcher(Path home) {
    this.home = home;
  }

  /** The fetcher of this process's user. */
  static MavenFetcher system() {
    return new MavenFetcher(Path.of(System.getProperty("user.home")));
  }

  @Override
  public void fetch(String jar, Path localRepository, PullProgress progress)
      throws CheckpointException {
    ContextOverrides overrides =
        ContextOverrides.create()
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
              + e.getMessage(),
          e);
    } catch (IllegalStateException e) {
      throw new CheckpointException(
          "Maven could not be set up to fetch " + jar + " (check ~/.m2/settings.xml): " + e, e);
    }
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
