import type { Message, Reply, Request } from './messages.js';

/** The answers that one side of a pair of processes still waits for, and how it answers the other. */
export class Wire {
  readonly #send: (message: Message) => void;
  readonly #answer: (request: Request) => Promise<unknown>;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #requests = 0;

  constructor(send: (message: Message) => void, answer: (request: Request) => Promise<unknown>) {
    this.#send = send;
    this.#answer = answer;
  }

  ask(task: Request['task'], input: unknown): Promise<unknown> {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ request: { id, task, input } });
    });
  }

  receive(message: Message): void {
    if ('reply' in message) this.#settle(message.reply);
    else this.#reply(message.request);
  }

  /** Rejects everything that is waited for. */
  end(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #reply(request: Request): void {
    const { id } = request;
    this.#answer(request).then(
      (value) => this.#send({ reply: { id, ok: true, value } }),
      (error: unknown) => this.#send({ reply: { id, ok: false, error: String(error) } }),
    );
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }
}
