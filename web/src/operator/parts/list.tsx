/** A table of what a list holds, with its waiting, its emptiness, its failure and its rest. */
import type { ComponentChildren } from "preact";
import { ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { useFrameWords } from "../i18n";
import { Forbidden } from "./forbidden";
import type { Pages } from "./use-pages";

export interface Column<Item> {
  title: string;
  draw: (item: Item) => ComponentChildren;
  numeric?: boolean;
}

interface ListProps<Item> {
  caption: string;
  pages: Pages<Item>;
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
  empty?: string;
}

export function List<Item>({ caption, pages, columns, keyOf, empty }: ListProps<Item>) {
  const { t } = useFrameWords();
  const { items, problem, pending, more, reload } = pages;
  if (problem?.status === 403) return <Forbidden />;
  return (
    <>
      {items.length > 0 && (
        <Table caption={caption} items={items} columns={columns} keyOf={keyOf} />
      )}
      {pending && <Skeleton shapes={items.length > 0 ? 1 : 4} />}
      {problem && <ProblemNotice problem={problem} retry={more ?? reload} />}
      {!pending && !problem && items.length === 0 && (
        <p class="muted" role="status">
          {empty ?? t("list.empty")}
        </p>
      )}
      {more && !problem && (
        <p>
          <button type="button" class="button button-quiet" onClick={more}>
            {t("list.more")}
          </button>
        </p>
      )}
    </>
  );
}

interface TableProps<Item> {
  caption: string;
  items: readonly Item[];
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
}

/** The first column names the row. On a narrow screen each row becomes a card (`list.css`). */
export function Table<Item>({ caption, items, columns, keyOf }: TableProps<Item>) {
  return (
    <div class="table-frame">
      <table class="list">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, numeric }) => (
              <th key={title} scope="col" class={numeric ? "numeric" : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map((column, index) => (
                <Cell key={column.title} column={column} item={item} isName={index === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps<Item> {
  column: Column<Item>;
  item: Item;
  isName: boolean;
}

function Cell<Item>({ column: { title, draw, numeric }, item, isName }: CellProps<Item>) {
  const kind = numeric ? "numeric" : undefined;
  if (isName) {
    return (
      <th scope="row" class={kind} data-label={title}>
        {draw(item)}
      </th>
    );
  }
  return (
    <td class={kind} data-label={title}>
      {draw(item)}
    </td>
  );
}
