#!/usr/bin/perl
# Stands in for a role behind the gateway: says what it was asked, and how often it has been asked.
use strict;
use warnings;
use IO::Socket::INET;

my $listener = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 8080, Listen => 50, ReuseAddr => 1)
    or die "cannot listen: $!";
my $asked = 0;
while (my $client = $listener->accept) {
    my $request = <$client> // next;
    my $said = $request;
    my $length = 0;
    while (my $line = <$client>) {
        last if $line =~ /^\r?\n$/;
        $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
        $said .= $line;
    }
    my $received = 0;
    while ($received < $length) {
        my $read = read($client, my $piece, $length - $received) or last;
        $received += $read;
    }
    $asked++;
    my ($method, $path) = split / /, $request;
    my $kept = $path =~ m{^/public} ? 'max-age=60' : 'private, no-store';
    my $body = "$ENV{CLINIC_NAME} was asked $asked times\nreceived $received\n$said";
    print $client "HTTP/1.1 200 OK\r\nX-Method: $method\r\nCache-Control: $kept\r\n"
        . 'Content-Length: ' . length($body) . "\r\nConnection: close\r\n\r\n";
    print $client $body unless $method eq 'HEAD';
    close $client;
}
