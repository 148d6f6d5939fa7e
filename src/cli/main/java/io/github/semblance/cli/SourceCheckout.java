package io.github.semblance.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The source checkout that the command line runs from, with the sample corpus in it. */
final class SourceCheckout {
  private SourceCheckout() {}

  /** The folder with the sample corpus that this code lies in or below. */
  static Path find() throws CommandFailure {
    Path code = code();
    for (Path folder = code.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.exists(sample(folder))) {
        return folder;
      }
    }
    throw new CommandFailure(
        "this command runs in a source checkout, and no folder above "
            + code
            + " has data/faq/documents.json; clone the repository");
  }

  /** The sample corpus of a checkout. */
  static Path sample(Path checkout) {
    return checkout.resolve("data/faq/documents.json");
  }

  private static Path code() {
    try {
      return Path.of(
          SourceCheckout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the location of the code is no path", e);
    }
  }
}
