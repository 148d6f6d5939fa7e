package io.github.semblance.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of two jars that say different versions do not run together. */
class ModuleVersionTest {
  @TempDir Path folder;

  @Test
  void refusesAnotherVersionAndNamesBoth() throws Exception {
    InvocationTargetException refused =
        assertThrows(InvocationTargetException.class, () -> ask("1.0", "1.1"));
    assertEquals(
        "all modules of Semblance must have one version, got semblance-core 1.0 and, with "
            + SourceDocument.class.getName()
            + ", 1.1; let io.github.semblance:semblance-bom choose the versions",
        assertInstanceOf(IllegalStateException.class, refused.getCause()).getMessage());
  }

  @Test
  void takesTheSameVersionAndClassesOutsideOfJars() throws Exception {
    ask("1.0", "1.0");
    ModuleVersion.requireThatOfCore(SourceDocument.class);
  }

  private void ask(String core, String other) throws Exception {
    URL[] jars = {jar(ModuleVersion.class, core), jar(SourceDocument.class, other)};
    try (URLClassLoader loader = new URLClassLoader(jars, null)) {
      Method ask =
          loader
              .loadClass(ModuleVersion.class.getName())
              .getMethod("requireThatOfCore", Class.class);
      ask.invoke(null, loader.loadClass(SourceDocument.class.getName()));
    }
  }

  private URL jar(Class<?> content, String version) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    String entry = content.getName().replace('.', '/') + ".class";
    Path jar = Files.createTempFile(folder, "module", ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream bytes =
            Objects.requireNonNull(content.getClassLoader()).getResourceAsStream(entry)) {
      out.putNextEntry(new ZipEntry(entry));
      Objects.requireNonNull(bytes).transferTo(out);
    }
    return jar.toUri().toURL();
  }
}
