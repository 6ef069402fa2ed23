<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>numbers</name>
    <message numerus="yes">
        <source>%1 · one of %n selected</source>
        <translation>
            <numerusform>%1 · one of %n selected</numerusform>
            <numerusform>%1 · one of %n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %2, %n events</source>
        <translation>
            <numerusform>%1, %2, %n event</numerusform>
            <numerusform>%1, %2, %n events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n approvals</source>
        <translation>
            <numerusform>%n approval</numerusform>
            <numerusform>%n approvals</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n control sequences not followed</source>
        <translation>
            <numerusform>%n control sequence not followed</numerusform>
            <numerusform>%n control sequences not followed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n data node(s) added</source>
        <translation>
            <numerusform>%n data node added</numerusform>
            <numerusform>%n data nodes added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n earlier ones are in the run&apos;s table.</source>
        <translation>
            <numerusform>%n earlier one is in the run&apos;s table.</numerusform>
            <numerusform>%n earlier ones are in the run&apos;s table.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines added</source>
        <translation>
            <numerusform>%n line added</numerusform>
            <numerusform>%n lines added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines folded</source>
        <translation>
            <numerusform>%n line folded</numerusform>
            <numerusform>%n lines folded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines of what will run have not been on screen yet.</source>
        <translation>
            <numerusform>%n line of what will run has not been on screen yet.</numerusform>
            <numerusform>%n lines of what will run have not been on screen yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines removed</source>
        <translation>
            <numerusform>%n line removed</numerusform>
            <numerusform>%n lines removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more records with output, which is shown under Output</source>
        <translation>
            <numerusform>%n more record with output, which is shown under Output</numerusform>
            <numerusform>%n more records with output, which is shown under Output</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n new</numerusform>
            <numerusform>%n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new lines</source>
        <translation>
            <numerusform>%n new line</numerusform>
            <numerusform>%n new lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n records</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n records in an unbroken chain, all covered by the checkpoint.</source>
        <translation>
            <numerusform>%n record in an unbroken chain, covered by the checkpoint.</numerusform>
            <numerusform>%n records in an unbroken chain, all covered by the checkpoint.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n records in an unbroken chain; the run is not sealed yet.</source>
        <translation>
            <numerusform>%n record in an unbroken chain; the run is not sealed yet.</numerusform>
            <numerusform>%n records in an unbroken chain; the run is not sealed yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n records. Nothing is claimed of them until they have been read.</source>
        <translation>
            <numerusform>%n record. Nothing is claimed of it until it has been read.</numerusform>
            <numerusform>%n records. Nothing is claimed of them until they have been read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests wait for a decision</source>
        <translation>
            <numerusform>%n request waits for a decision</numerusform>
            <numerusform>%n requests wait for a decision</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A line of this file is longer than %n kB. It is not shown as text; canvas, outline and forms can edit it.</source>
        <translation>
            <numerusform>A line of this file is longer than %n kB. It is not shown as text; canvas, outline and forms can edit it.</numerusform>
            <numerusform>A line of this file is longer than %n kB. It is not shown as text; canvas, outline and forms can edit it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n data node(s)</source>
        <translation>
            <numerusform>Add %n data node</numerusform>
            <numerusform>Add %n data nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Go to the newest event, %n new</source>
        <translation>
            <numerusform>Go to the newest event, %n new</numerusform>
            <numerusform>Go to the newest event, %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Go to the newest line, %n new</source>
        <translation>
            <numerusform>Go to the newest line, %n new</numerusform>
            <numerusform>Go to the newest line, %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Journal: %n records</source>
        <translation>
            <numerusform>Journal: %n record</numerusform>
            <numerusform>Journal: %n records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n node(s)</source>
        <translation>
            <numerusform>Move %n node</numerusform>
            <numerusform>Move %n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n node(s)</source>
        <translation>
            <numerusform>Remove %n node</numerusform>
            <numerusform>Remove %n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>There are %n line(s)</source>
        <translation>
            <numerusform>There is %n line</numerusform>
            <numerusform>There are %n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Wire from %1: arrows or letters choose one of %n target(s), Esc cancels</source>
        <translation>
            <numerusform>Wire from %1: Enter joins it to the %n target there is, Esc cancels</numerusform>
            <numerusform>Wire from %1: arrows or letters choose one of %n targets, Esc cancels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>all of it · %n bytes · sha256 %1</source>
        <translation>
            <numerusform>all of it · %n byte · sha256 %1</numerusform>
            <numerusform>all of it · %n bytes · sha256 %1</numerusform>
        </translation>
    </message>
</context>
</TS>
