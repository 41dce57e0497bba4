/** What goes between Slack and the app: calls, envelopes, and a place to check blocks. */

import { useState } from "react";
import { Blocks } from "./Blocks";
import { RefusedCall } from "./Messages";
import { type Block, type Call, type Delivery, lookUp, post, type Snapshot } from "./slack";

type Tab = "calls" | "envelopes" | "check";
const TABS: [Tab, string][] = [
  ["calls", "API calls"],
  ["envelopes", "Envelopes"],
  ["check", "Check blocks"],
];

/** The developer's panel beside the conversation. */
export function Inspector({ shown, close }: { shown: Snapshot; close: () => void }) {
  const [tab, setTab] = useState<Tab>("calls");
  return (
    <aside className="panel inspector" aria-label="Inspector">
      <header>
        <h2>Inspector</h2>
        <small>{shown.sockets === 1 ? "1 socket is open" : `${shown.sockets} sockets are open`}</small>
        <button type="button" className="plain" aria-label="Close the inspector" onClick={close}>
          ✕
        </button>
      </header>
      <div className="tabs">
        {TABS.map(([name, face]) => (
          <button
            key={name}
            type="button"
            className="plain"
            aria-pressed={tab === name}
            onClick={() => setTab(name)}
          >
            {face}
          </button>
        ))}
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-label={TABS.find(([it]) => it === tab)?.[1]}>
        {tab === "calls" && (
          <ol>{shown.calls.toReversed().map((one) => <CallRow key={one.id} call={one} />)}</ol>
        )}
        {tab === "envelopes" && (
          <ol>{shown.deliveries.toReversed().map((one) => <DeliveryRow key={one.id} delivery={one} />)}</ol>
        )}
        {tab === "check" && <Checking />}
      </div>
    </aside>
  );
}

function CallRow({ call }: { call: Call }) {
  return (
    <li className={call.error ? "bad" : ""}>
      <Looking kind="call" id={call.id}>
        <code>{call.method}</code> <span>{call.error || "ok"}</span>
      </Looking>
      {call.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </li>
  );
}

function DeliveryRow({ delivery: one }: { delivery: Delivery }) {
  const acked = one.ackMs === null ? (one.isOver ? "given up" : "under way") : `ack ${one.ackMs.toFixed(1)} ms`;
  return (
    <li className={one.error ? "bad" : ""}>
      <Looking kind="delivery" id={one.id}>
        <code>{one.what || one.kind}</code> <span>{acked}</span>
        {one.attempts > 1 && <span className="again">redelivered ×{one.attempts - 1}</span>}
      </Looking>
      {one.error && <p>{one.error}</p>}
      {one.tries.length > 1 &&
        one.tries.map((it) => (
          <p key={it.number}>
            attempt {it.number + 1}
            {it.reason && ` because of ${it.reason}`}: {it.error || "acknowledged"}
            {it.via && ` over ${it.via}`}
          </p>
        ))}
    </li>
  );
}

type LookingProps = { kind: "call" | "delivery"; id: number; children: React.ReactNode };

/** A line that opens to show all that was sent and answered. */
function Looking({ kind, id, children }: LookingProps) {
  const [found, setFound] = useState("");
  const load = () => {
    if (found) return;
    lookUp(kind, id).then(
      (held) => setFound(JSON.stringify(held, null, 1)),
      (error: Error) => setFound(error.message),
    );
  };
  return (
    <details onToggle={load}>
      <summary>{children}</summary>
      {found && <pre tabIndex={0}>{found}</pre>}
    </details>
  );
}

const EXAMPLE = '[{"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*"}}]';

/** Say what Slack would refuse in blocks that somebody pastes, or draw them. */
function Checking() {
  const [text, setText] = useState(EXAMPLE);
  const [blocks, setBlocks] = useState<Block[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const check = async () => {
    try {
      const read = JSON.parse(text) as Block[] | { blocks: Block[] };
      const held = Array.isArray(read) ? read : read.blocks;
      const told = await post<{ problems: string[] }>("/page/check", { blocks: held });
      setProblems(told.problems);
      setBlocks(told.problems.length > 0 ? [] : held);
    } catch (error) {
      setProblems([(error as Error).message]);
      setBlocks([]);
    }
  };
  const refused = { id: 0, method: "chat.postMessage", error: "invalid_blocks", channel: "", thread: "", at: 0 };
  return (
    <div className="checking">
      <textarea aria-label="Blocks as JSON" rows={8} value={text} onChange={(e) => setText(e.target.value)} />
      <button type="button" className="button primary" onClick={() => void check()}>
        Check
      </button>
      {problems.length > 0 && <RefusedCall call={{ ...refused, reasons: problems }} />}
      <Blocks blocks={blocks} use={() => undefined} />
    </div>
  );
}
