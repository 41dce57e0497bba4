/** Stands in for node-emoji: a name that slack-blocks-to-jsx does not know stays as typed. */
export const emojify = (text: string): string => text;
