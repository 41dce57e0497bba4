/** Blocks: what is read is drawn by slack-blocks-to-jsx, what is used by Elements. */

import { Fragment, type ReactNode } from "react";
import { Message as Drawn } from "slack-blocks-to-jsx";
import { Usable, type Use } from "./Elements";
import type { Block, Cell, State } from "./slack";
import { useSurroundings } from "./surroundings";

type Values = Record<string, Record<string, State>>;
type Props = { blocks: Block[]; use: Use; values?: Values; input?: (block: Block) => ReactNode };

/** Draw blocks; `input` draws the input blocks of a modal. */
export function Blocks({ blocks, use, values, input }: Props) {
  return groups(blocks).map((group, at) => {
    const [block] = group;
    if (!block) return null;
    const key = `${block.block_id ?? ""}${at}`;
    if (block.type === "input") return <Fragment key={key}>{input?.(block)}</Fragment>;
    if (block.type === "table") return <Table key={key} rows={block.rows ?? []} />;
    if (!isUsed(block)) return <Read key={key} blocks={group} />;
    return <Used key={key} block={block} use={use} values={values} />;
  });
}

/** Draw text in Slack's own markup. */
export const Text = ({ text }: { text: string }) => (
  <Read blocks={[{ type: "section", text: { type: "mrkdwn", text } }]} />
);

const isUsed = (block: Block) =>
  ["actions", "context_actions"].includes(block.type) ||
  (block.type === "section" && !!block.accessory?.action_id);

const isOurs = (block: Block) => isUsed(block) || ["input", "table"].includes(block.type);

/** Blocks that are read stand together, so that they are drawn at once. */
function groups(blocks: Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last?.[0] && !isOurs(last[0]) && !isOurs(block)) last.push(block);
    else found.push([block]);
  }
  return found;
}

function Read({ blocks }: { blocks: Block[] }) {
  const { people, channels, theme } = useSurroundings();
  const users = people.map((one) => ({ id: one.id, name: one.realName }));
  const places = channels.map((one) => ({ id: one.id, name: one.name }));
  return (
    <Drawn
      withoutWrapper
      name=""
      logo=""
      theme={theme}
      data={{ users, channels: places }}
      blocks={blocks as never}
    />
  );
}

function Used({ block, use, values }: { block: Block; use: Use; values?: Values }) {
  const held = values?.[block.block_id ?? ""] ?? {};
  const elements = block.accessory ? [block.accessory] : (block.elements ?? []);
  return (
    <div className={block.type === "section" ? "section" : "actions"}>
      {block.accessory && <Read blocks={[withoutAccessory(block)]} />}
      {elements.map((one) => (
        <Usable key={one.action_id} element={one} state={held[one.action_id]} use={use} />
      ))}
    </div>
  );
}

const withoutAccessory = ({ accessory: _, ...block }: Block): Block => block;

/** A table whose first row is its header, as in Slack. */
function Table({ rows }: { rows: Cell[][] }) {
  const [head = [], ...body] = rows;
  return (
    <div className="table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>{head.map((cell, at) => <th key={at} scope="col"><Inside cell={cell} /></th>)}</tr>
        </thead>
        <tbody>
          {body.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row"><Inside cell={cell} /></th>
                ) : (
                  <td key={column}><Inside cell={cell} /></td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Inside = ({ cell }: { cell: Cell }) =>
  cell.type === "rich_text" ? <Read blocks={[cell as unknown as Block]} /> : <>{cell.text}</>;
