package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * Reads Markdown as CommonMark has it, with tables as GitHub has them: the words as a reader sees
 * them, without the signs. The only class that names the Markdown parser. Stateless.
 */
final class MarkdownFile implements WholeFile {
  /** In bytes. The tree of a text takes up to a hundred times its size. */
  private static final int LONGEST = 8 << 20;

  private static final int DEEPEST = 100;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .maxOpenBlockParsers(DEEPEST)
          .maxInlineNesting(DEEPEST)
          .build();

  @Override
  public ReadText read(Path path, InputStream in) throws IOException, RejectedFileException {
    FrontMatter front = FrontMatter.of(WholeFile.utf8(in, LONGEST));
    OutlinedText text = new OutlinedText();
    PARSER.parse(front.body()).accept(new Blocks(text));
    Value title = front.fields().get("title");
    return text.toText(
        title == null || title.values().isEmpty() ? "" : title.values().get(0), front.fields());
  }

  /** Writes blocks. */
  private static final class Blocks extends AbstractVisitor {
    private final OutlinedText text;

    /** Stands before the next paragraph of a list item. */
    private String sign = "";

    private int lists;

    Blocks(OutlinedText text) {
      this.text = text;
    }

    @Override
    public void visit(Heading heading) {
      text.heading(heading.getLevel(), withoutAnchor(Words.of(heading).strip()));
    }

    /** Several programs let headings end with the name of a link's target, as in {@code {#top}}. */
    private static String withoutAnchor(String words) {
      int anchor = words.endsWith("}") ? words.lastIndexOf("{#") : -1;
      return anchor > 0 && words.indexOf(' ', anchor) < 0 ? words.substring(0, anchor) : words;
    }

    @Override
    public void visit(Paragraph paragraph) {
      String words = Words.of(paragraph);
      if (lists > 0) {
        text.item(sign, words);
        sign = "";
      } else {
        text.paragraph(words);
      }
    }

    @Override
    public void visit(BulletList list) {
      list(list, 0);
    }

    @Override
    public void visit(OrderedList list) {
      Integer first = list.getMarkerStartNumber();
      list(list, first == null ? 1 : first);
    }

    private void list(Node list, int number) {
      lists++;
      int next = number;
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        if (item instanceof ListItem) {
          sign = number == 0 ? "- " : next + ". ";
          next++;
          visitChildren(item);
        }
      }
      lists--;
      sign = "";
      if (lists == 0) {
        text.endItems();
      }
    }

    @Override
    public void visit(FencedCodeBlock code) {
      text.aside(code.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock code) {
      text.aside(code.getLiteral());
    }

    @Override
    public void visit(HtmlBlock html) {
      text.paragraph(HtmlFile.words(html.getLiteral()));
    }

    @Override
    public void visit(CustomBlock block) {
      if (block instanceof TableBlock) {
        StringBuilder rows = new StringBuilder();
        for (Node part = block.getFirstChild(); part != null; part = part.getNext()) {
          for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
            for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
              if (cell instanceof TableCell) {
                rows.append(cell.getPrevious() == null ? "" : " | ").append(Words.of(cell));
              }
            }
            rows.append('\n');
          }
        }
        text.aside(rows.toString());
      } else {
        visitChildren(block);
      }
    }
  }

  /** Writes what stands in a line. */
  private static final class Words extends AbstractVisitor {
    private final StringBuilder words = new StringBuilder();

    static String of(Node block) {
      Words visitor = new Words();
      visitor.visitChildren(block);
      return visitor.words.toString();
    }

    @Override
    public void visit(Text text) {
      words.append(text.getLiteral());
    }

    @Override
    public void visit(Code code) {
      words.append(code.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
      words.append(' ');
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
      words.append(' ');
    }

    @Override
    public void visit(HtmlInline html) {
      if (html.getLiteral().startsWith("<br")) {
        words.append(' ');
      }
    }
  }
}
