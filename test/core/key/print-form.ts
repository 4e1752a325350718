import { canonicalForm } from '../../../packages/core/src/key/canonical-form.js';
import { moneyType } from '../entry/answers.js';
import { typedSample } from './typed-sample.js';

process.stdout.write(canonicalForm(typedSample(), [moneyType]), 'latin1');
