/** What the server tells of the local Slack; see playground/page/showing.py. */

export type TextObject = { type: "plain_text" | "mrkdwn"; text: string };
export type Option = { text: TextObject; value: string; description?: TextObject };
export type Confirm = { title: TextObject; text: TextObject; confirm: TextObject; deny: TextObject };

/** An interactive element of a block. */
export type Element = {
  type: string;
  action_id: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  accessibility_label?: string;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: { label: TextObject; options: Option[] }[];
  multiline?: boolean;
  max_length?: number;
  min_length?: number;
  max_selected_items?: number;
  positive_button?: FeedbackButton;
  negative_button?: FeedbackButton;
};
export type FeedbackButton = { text: TextObject; value: string; accessibility_label?: string };

export type Block = {
  type: string;
  block_id?: string;
  text?: TextObject;
  elements?: Element[];
  element?: Element;
  accessory?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  rows?: Cell[][];
};
export type Cell = { type: string; text?: string; elements?: unknown[] };

export type State = {
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  [other: string]: unknown;
};

export type Person = { id: string; name: string; realName: string; role: string };
export type Channel = { id: string; name: string; kind: string; hasBot: boolean; isArchived: boolean };
export type Message = {
  channel: string;
  ts: string;
  thread: string;
  user: string;
  text: string;
  blocks: Block[];
  files: { name: string; size: number }[];
  isAlone: boolean;
  isEdited: boolean;
  isDeleted: boolean;
  isBroadcast: boolean;
  reactions: string[];
};
export type View = {
  id: string;
  hash: string;
  title: string;
  submit: string;
  close: string;
  blocks: Block[];
  values: Record<string, Record<string, State>>;
};
export type Call = {
  id: number;
  method: string;
  error: string;
  reasons: string[];
  channel: string;
  thread: string;
  at: number;
};
export type Attempt = { number: number; reason: string; via: string; error: string };
export type Delivery = {
  id: number;
  kind: string;
  what: string;
  attempts: number;
  ackMs: number | null;
  error: string;
  isOver: boolean;
  tries: Attempt[];
};
export type Status = { channel: string; thread: string; text: string; loading: string[] };
export type Shortcut = { name: string; type: string; callback_id: string; description: string };

type Surroundings = {
  channels: Channel[];
  views: View[];
  home: View | null;
  prompts: { title: string; message: string }[];
  statuses: Status[];
};
export type Snapshot = Surroundings & {
  me: string;
  bot: string;
  people: Person[];
  commands: { command: string; description: string; usage_hint?: string }[];
  shortcuts: Shortcut[];
  messages: Message[];
  calls: Call[];
  deliveries: Delivery[];
  sockets: number;
};
export type Update = Partial<Surroundings> & {
  messages: Message[];
  gone: { channel: string; ts: string }[];
  calls?: Call[];
  deliveries: Delivery[];
  sockets?: number;
};

const merged = <T>(old: T[], more: T[], key: (one: T) => string | number): T[] => {
  if (more.length === 0) return old;
  const all = new Map(old.map((one) => [key(one), one]));
  for (const one of more) all.set(key(one), one);
  return [...all.values()];
};

/** Return what a page shows after an update. */
export function updated(shown: Snapshot, update: Update): Snapshot {
  const { messages, gone, calls = [], deliveries, ...rest } = update;
  const isGone = new Set(gone.map((one) => one.channel + one.ts));
  const kept = shown.messages.filter((one) => !isGone.has(one.channel + one.ts));
  return {
    ...shown,
    ...rest,
    messages: merged(kept, messages, (one) => one.channel + one.ts),
    calls: merged(shown.calls, calls, (one) => one.id),
    deliveries: merged(shown.deliveries, deliveries, (one) => one.id),
  };
}

/** Follow the local Slack as somebody sees it; returns what ends that. */
export function follow(
  person: string,
  show: (change: (old: Snapshot | null) => Snapshot | null) => void,
  connected: (is: boolean) => void,
): () => void {
  const source = new EventSource(`/page/updates?as=${encodeURIComponent(person)}`);
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  source.onmessage = (event: MessageEvent<string>) => {
    const told = JSON.parse(event.data) as { snapshot?: Snapshot; update?: Update };
    show((old) => told.snapshot ?? (old && told.update ? updated(old, told.update) : old));
  };
  return () => source.close();
}

/** Slack would not let somebody do something; the message says why. */
export class Refused extends Error {}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const told = (await response.json().catch(() => ({}))) as { reason?: string };
  throw new Refused(told.reason ?? `The local Slack answered ${response.status}.`);
}

/** Send JSON to the server and return what it answers. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return answer<T>(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Share files with a text. */
export async function upload(fields: Record<string, string>, files: File[]): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("file", file, file.name);
  await answer(await fetch("/page/upload", { method: "POST", body: form }));
}

/** Look up what a call or a delivery held. */
export async function lookUp(kind: "call" | "delivery", id: number): Promise<unknown> {
  return answer<unknown>(await fetch(`/page/${kind}/${id}`));
}
