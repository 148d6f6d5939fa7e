package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.io.RandomAccessReadView;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;

/**
 * Reads PDF: the text of each page, which is a section. The only class that names the PDF library.
 * Safe for use by many threads.
 *
 * <p>A file is read on a thread of its own, which is left alone when its time is up and ends soon
 * after, as it reads on or comes to the next operator of a page.
 */
final class PdfFile implements WholeFile {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long LARGEST = 512L << 20;

  /** For paths of objects that lead to each other; what goes deeper is left out. */
  private static final long STACK = 4L << 20;

  private final Duration limit;

  PdfFile() {
    this(LONGEST);
  }

  PdfFile(Duration limit) {
    this.limit = limit;
  }

  @Override
  public ReadText read(Path path, InputStream in) throws IOException, RejectedFileException {
    if (path.toFile().length() > LARGEST) {
      throw new RejectedFileException("the file is longer than " + LARGEST + " bytes");
    }
    PdfStreams.check(in);
    long end = System.nanoTime() + limit.toNanos();
    FutureTask<ReadText> task = new FutureTask<>(() -> text(path, end));
    Thread thread = new Thread(null, task, "semblance-pdf", STACK);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw tooLong(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", e);
    } catch (ExecutionException e) {
      throw rejection(Objects.requireNonNull(e.getCause()));
    }
  }

  private RejectedFileException tooLong(Exception cause) {
    return new RejectedFileException(
        "it takes longer than " + limit.toSeconds() + " s to read", 0, cause);
  }

  private RejectedFileException rejection(Throwable cause) {
    return switch (cause) {
      case RejectedFileException known -> known;
      case TimeUpException late -> tooLong(late);
      case InvalidPasswordException locked -> encrypted();
      case StackOverflowError deep ->
          new RejectedFileException("it is nested too deeply to be read", 0, deep);
      case OutOfMemoryError large ->
          new RejectedFileException("it takes more memory than there is", 0, large);
      default ->
          new RejectedFileException(
              "it is no PDF that can be read: "
                  + (cause.getMessage() == null ? cause.toString() : cause.getMessage()),
              0,
              cause);
    };
  }

  private static RejectedFileException encrypted() {
    return new RejectedFileException("it is encrypted; save it without a password");
  }

  /** Reads a file until {@link System#nanoTime} says that it is over. */
  static ReadText text(Path path, long end) throws IOException, RejectedFileException {
    try (RandomAccessRead bytes = new TimedFile(path, end);
        PDDocument document = Loader.loadPDF(bytes, IOUtils.createMemoryOnlyStreamCache())) {
      if (document.isEncrypted()) {
        throw encrypted();
      }
      PageText pages = new PageText(end);
      OutlinedText text = new OutlinedText();
      for (int page = 1; page <= document.getNumberOfPages(); page++) {
        pages.setStartPage(page);
        pages.setEndPage(page);
        String words = pages.getText(document);
        if (!words.isBlank()) {
          text.page(page);
          words.lines().forEach(text::paragraph);
        }
        if (text.length() > StrictUtf8Reader.LONGEST_RECORD) {
          throw new RejectedFileException(
              "its text is longer than " + StrictUtf8Reader.LONGEST_RECORD + " characters");
        }
      }
      if (text.length() == 0) {
        throw new RejectedFileException(
            "it has no text, maybe pictures of text; recognise that first, with OCRmyPDF for one");
      }
      String title = document.getDocumentInformation().getTitle();
      return text.toText(title == null ? "" : title, Map.of());
    }
  }

  /** Text with one line for each paragraph, as long as there is time. */
  private static final class PageText extends PDFTextStripper {
    private static final String BREAK = "\u0001";

    private final long end;

    PageText(long end) {
      this.end = end;
      setLineSeparator(BREAK);
      setParagraphEnd("\n");
      setPageEnd("\n");
      setArticleEnd("\n");
    }

    @Override
    public String getText(PDDocument document) throws IOException {
      // A word that a line's end cuts in two is one word.
      return super.getText(document)
          .replaceAll("(?<=\\p{Ll})[-\u00AD]" + BREAK + "(?=\\p{Ll})", "")
          .replace(BREAK, " ");
    }

    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
      requireTime(end);
      super.processOperator(operator, operands);
    }
  }

  private static void requireTime(long end) {
    if (System.nanoTime() - end > 0) {
      throw new TimeUpException();
    }
  }

  /** Bytes of a file, as long as there is time: a file can lead a parser in circles. */
  private static final class TimedFile extends RandomAccessReadBufferedFile {
    /** Reads between two looks at the clock, which cost more than a read does. */
    private static final int READS = 1024;

    private final Path path;
    private final long end;
    private int reads;
    private @Nullable TimedFile ofViews;

    TimedFile(Path path, long end) throws IOException {
      super(path.toFile());
      this.path = path;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      look();
      return super.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      look();
      return super.read(into, offset, length);
    }

    private void look() {
      if (reads++ % READS == 0) {
        requireTime(end);
      }
    }

    /** As the library's, over a file of its own, since a view has another position. */
    @Override
    public RandomAccessReadView createView(long start, long length) throws IOException {
      if (ofViews == null) {
        ofViews = new TimedFile(path, end);
      }
      return new RandomAccessReadView(ofViews, start, length);
    }

    @Override
    public void close() throws IOException {
      super.close();
      if (ofViews != null) {
        ofViews.close();
      }
    }
  }

  /**
   * Ends the thread; by then nobody waits for it. Of another kind, the library would log it and go
   * on.
   */
  static final class TimeUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
