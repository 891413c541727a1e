import type { Check } from '../../helpers/judging/check.ts';
import { counted } from '../../helpers/judging/findings.ts';

export const gaps: Check = {
  id: 'contract.gaps',
  sentence: 'What the contract leaves open is listed, with what the suite assumed for it.',
  judge({ contract }, findings) {
    findings.observe();
    for (const { gap, assumed } of contract.gaps) findings.note(`${gap} Assumed: ${assumed}`);
    if (contract.gaps.length === 0) findings.note('The contract leaves nothing open that the suite knows of.');
    else findings.note(`${counted(contract.gaps.length, 'gap')} in all.`);
  },
};
