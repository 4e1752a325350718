import type { ChildProcess } from 'node:child_process';

type Answerer = (question: unknown) => unknown;

/** What goes over the wire. */
type Message =
  | { readonly id: number; readonly topic: string; readonly question: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: string };

/** Questions and answers between a process and its child, over Node's own channel. */
export class Line {
  readonly #end: ChildProcess | NodeJS.Process;
  readonly #topics = new Map<string, Answerer>();
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  /** @param end - The child, or in the child: `process`. */
  constructor(end: ChildProcess | NodeJS.Process) {
    this.#end = end;
    end.on('message', (message: Message) => void this.#receive(message));
    end.on('disconnect', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The other process is gone.'));
      this.#waiting.clear();
    });
  }

  /** Answers questions about `topic` from the other side. */
  answer<Question, Answer>(topic: string, answerer: (question: Question) => Answer | Promise<Answer>): void {
    this.#topics.set(topic, answerer as Answerer);
  }

  ask<Answer>(topic: string, question?: unknown): Promise<Answer> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
      this.#send({ id, topic, question });
    });
  }

  async #receive(message: Message): Promise<void> {
    if ('topic' in message) return this.#reply(message.id, this.#topics.get(message.topic), message.question);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('failed' in message) waiting?.reject(new Error(message.failed));
    else waiting?.resolve(message.answer);
  }

  async #reply(id: number, answerer: Answerer | undefined, question: unknown): Promise<void> {
    try {
      if (answerer === undefined) throw new Error('Nobody answers that.');
      this.#send({ id, answer: await answerer(question) });
    } catch (error) {
      this.#send({ id, failed: error instanceof Error ? error.message : String(error) });
    }
  }

  #send(message: Message): void {
    if (this.#end.connected) this.#end.send?.(message);
  }
}
