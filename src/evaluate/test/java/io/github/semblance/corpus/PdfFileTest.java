package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.Outline.Section;
import io.github.semblance.index.SourceDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.Test;

class PdfFileTest extends CorpusFixture {
  /** A file with a page for each text, whose lines are divided by line feeds. */
  static byte[] pdf(String title, String password, String... pages) throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.getDocumentInformation().setTitle(title);
      for (String lines : pages) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 12);
          content.setLeading(14);
          content.newLineAtOffset(50, 700);
          for (String line : lines.split("\n", -1)) {
            content.showText(line);
            content.newLine();
          }
          content.endText();
        }
      }
      if (!password.isEmpty()) {
        document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  /** A file of one page, written out, with any content stream. */
  private static byte[] pdf(String filter, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
            + "/Resources<</XObject<</X 4 0 R>>>>>>endobj\n"
            + "4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
            + "/Length "
            + content.length
            + filter
            + ">>stream\n";
    out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(content);
    out.writeBytes(
        "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF".getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void eachPageIsASection() throws IOException {
    SourceDocument document =
        documents(
                DEFAULT,
                file("a.pdf", pdf("Manual", "", "Take the ar-\nchive. Unpack\nit.", "", "Run it.")))
            .get(0);
    assertEquals("Manual", document.title());
    assertEquals("Take the archive. Unpack it.\n\nRun it.\n\n", document.text());
    assertEquals(List.of(1, 3), document.outline().sections().stream().map(Section::page).toList());
    assertEquals(30, document.outline().sections().get(1).start());
    String untitled = file("dir/notes.v2.pdf", pdf(" ", "", "words"));
    assertEquals("notes.v2", documents(DEFAULT, untitled).get(0).title());
  }

  @Test
  void whatCannotBeReadIsLeftOutAndTheRestRead() throws IOException {
    byte[] good = pdf("", "", "words");
    List<String> outcomes =
        outcomes(
            DEFAULT,
            file("a.pdf", pdf("", "secret", "words")),
            file("b.pdf", pdf("", "", "")),
            file("c.pdf", "no PDF"),
            file("d.pdf", Arrays.copyOf(good, 60)),
            file("e.pdf", good));
    assertEquals("!0: it is encrypted; save it without a password", outcomes.get(0));
    assertTrue(outcomes.get(1).startsWith("!0: it has no text"), outcomes.get(1));
    assertTrue(outcomes.get(2).startsWith("!0: it is no PDF that can be read: "), outcomes.get(2));
    assertTrue(outcomes.get(3).startsWith("!0: "), outcomes.get(3));
    assertEquals("e.pdf", outcomes.get(4));
  }

  @Test
  void compressedStreamsAreBounded() throws IOException {
    byte[] large = deflated(new byte[129 << 20]);
    String message = "!0: a compressed stream in it is longer than 134217728 bytes";
    assertEquals(
        List.of(message, message),
        outcomes(
            DEFAULT,
            file("a.pdf", pdf("/Filter/FlateDecode", large)),
            file("b.pdf", pdf("/Filter[/FlateDecode/FlateDecode]", deflated(large)))));
  }

  /** Where no page is drawn, so that no operator comes. */
  @Test
  void theParserEndsWithItsTimeToo() throws IOException {
    byte[] pages = pdf("", "", "", "");
    for (byte[] content : List.of(pages, Arrays.copyOf(pages, pages.length / 2))) {
      Path file = Path.of(file("a.pdf", content));
      assertThrows(PdfFile.TimeUpException.class, () -> PdfFile.text(file, System.nanoTime() - 1));
    }
  }

  @Test
  void endlessContentEndsWithItsTime() throws IOException {
    // A form that draws itself a thousand times, and operators without end.
    byte[] form = pdf("", "/X Do ".repeat(1000).getBytes(StandardCharsets.ISO_8859_1));
    byte[] operators = "q Q\n".repeat(30_000_000).getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] content : List.of(form, pdf("/Filter/FlateDecode", deflated(operators)))) {
      Path file = Path.of(file("a.pdf", content));
      PdfFile impatient = new PdfFile(Duration.ofMillis(500));
      RejectedFileException late =
          assertThrows(
              RejectedFileException.class,
              () -> impatient.read(file, new ByteArrayInputStream(content)));
      assertEquals("it takes longer than 0 s to read", late.reason());
    }
  }
}
